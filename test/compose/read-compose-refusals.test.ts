import { describe, expect, it } from 'vitest'
import { type ComposeTexts, refusalOf, withService } from '../support/read-compose-text.ts'

const main = (text: string): ComposeTexts => ({ 'compose.yml': text })
const a = withService

describe('a Compose file that cannot be read is refused with file, line, column and a fix', () => {
  it.each<[string, ComposeTexts, string]>([
    ['no YAML', main('services:\n  a: [x\n'), 'compose.yml:3:1: this is not YAML'],
    ['a list at the top', main('- a\n'), 'compose.yml:1:1: a Compose file must be a mapping at its top'],
    ['an empty file', main('# nothing\n'), 'compose.yml:1:1: the Compose file is empty'],
    [
      'an unknown section',
      main('service:\n  a: 1\n'),
      'compose.yml:1:1: a Compose file has no key "service" -> did you mean `services`?',
    ],
    [
      'a key that is there twice',
      a('user: a\nuser: b'),
      'compose.yml:5:5: the key "user" is there twice (first in line 4)',
    ],
    ['a key that is a number', main('services:\n  1: {image: x}\n'), 'compose.yml:2:3: a key must be a text'],
    [
      'an alias without an anchor',
      a('user: *nobody'),
      'compose.yml:4:11: the alias *nobody stands inside of its own anchor, or before it',
    ],
    [
      'an alias within its anchor',
      a('labels: &l\n  b: *l'),
      'compose.yml:5:10: the alias *l stands inside of its own anchor',
    ],
    [
      'a merge key with a text',
      main('services:\n  a:\n    <<: b\n'),
      'compose.yml:3:9: a merge key `<<` takes mappings only',
    ],
    [
      'a section of the wrong type',
      main('services: []\n'),
      'compose.yml:1:11: services must be a mapping, not a list',
    ],
    [
      'a section that says nothing',
      main('services: {a: {image: x}}\nvolumes:\n'),
      'compose.yml:2:9: volumes must be a mapping, not empty',
    ],
    [
      'a service of the wrong type',
      main('services:\n  a: x\n'),
      'compose.yml:2:6: services.a must be a mapping, not a text',
    ],
    [
      'a name that no service can have',
      main('services:\n  a/b: {image: x}\n'),
      'compose.yml:2:3: "a/b" cannot be the name of a service',
    ],
    [
      'an unknown attribute',
      a('enviroment: {}'),
      'compose.yml:4:5: a service has no key "enviroment" -> did you mean `environment`?',
    ],
    [
      'an unknown key below an attribute',
      a('healthcheck: {tests: x}'),
      'compose.yml:4:19: services.a.healthcheck has no key "tests" -> did you mean `test`?',
    ],
    [
      'a number for a text',
      a('user: 1000'),
      'compose.yml:4:11: services.a.user must be a text, not a number',
    ],
    [
      'a value that says nothing',
      a('environment:'),
      'compose.yml:4:17: services.a.environment must be a mapping, not empty',
    ],
    [
      'a variable with a list',
      a('environment: {A: [b]}'),
      'compose.yml:4:22: services.a.environment.A must be a single value, not a list',
    ],
    ['a name with a space', a('environment: ["A =b"]'), 'compose.yml:4:19: the name "A " ends in a space'],
    [
      'a command with an open quote',
      a('command: echo "b'),
      'compose.yml:4:14: services.a.command has a quote that is not closed',
    ],
    [
      'a condition that is none',
      a('depends_on: {b: {condition: ready}}'),
      'compose.yml:4:33: "ready" is not a condition',
    ],
    [
      'a dependency without condition',
      a('depends_on: {b: {required: true}}'),
      'compose.yml:4:21: services.a.depends_on.b has no condition',
    ],
    [
      'a test without its word',
      a('healthcheck: {test: [pg_isready]}'),
      'compose.yml:4:25: services.a.healthcheck.test begins with "pg_isready"',
    ],
    [
      'a duration without unit',
      a('healthcheck: {interval: "30"}'),
      'compose.yml:4:29: services.a.healthcheck.interval is "30", and that is not a duration',
    ],
    ['a number below zero', a('scale: -1'), 'compose.yml:4:12: services.a.scale cannot be below zero'],
    [
      'two numbers of replicas',
      a('scale: 2\ndeploy: {replicas: 3}'),
      'compose.yml:4:12: services.a.scale says 2 and deploy.replicas says 3',
    ],
    [
      'a required variable that is not set',
      a(`user: "me-\${NAME:?say who}"`),
      'compose.yml:4:15: the variable NAME is required and not set: say who -> set NAME in the environment or in the .env file of the project',
    ],
    ['a malformed variable', a('user: "${NAME"'), 'compose.yml:4:11: "${NAME" is not a variable expression'],
    [
      'neither image nor build',
      main('services:\n  a:\n    user: b\n'),
      'compose.yml:3:5: the service "a" has neither an image nor a build',
    ],
    [
      'an undefined service',
      a('depends_on:\n  - b'),
      'compose.yml:5:9: the service "a" names the service "b", which is not defined -> add "b" below `services:`, or correct the name',
    ],
    [
      'an undefined link',
      a('links: ["b:db"]'),
      'compose.yml:4:13: the service "a" names the service "b", which is not defined',
    ],
    [
      'an undefined network',
      a('networks: {back: {}}'),
      'compose.yml:4:16: the service "a" names the network "back", which is not defined',
    ],
    [
      'an undefined volume',
      a('volumes:\n  - data:/data'),
      'compose.yml:5:9: the service "a" names the volume "data", which is not defined',
    ],
    [
      'an undefined secret',
      a('secrets: [pw]'),
      'compose.yml:4:15: the service "a" names the secret "pw", which is not defined',
    ],
    [
      'an undefined config',
      a('configs: [{source: conf}]'),
      'compose.yml:4:15: the service "a" names the config "conf", which is not defined',
    ],
    [
      'a network and another mode',
      a('network_mode: host\nnetworks: [default]'),
      'compose.yml:4:5: the service "a" has network_mode and networks',
    ],
    [
      'one container name for two',
      main('services:\n  a: {image: x, container_name: one}\n  b: {image: x, container_name: one}\n'),
      'compose.yml:2:17: the services "a" and "b" have the same container_name',
    ],
    [
      'one container name for many',
      a('container_name: one\nscale: 2'),
      'compose.yml:4:5: the service "a" has a container_name and 2 replicas',
    ],
    [
      'a circle of dependencies',
      main('services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: [a]}\n'),
      'compose.yml:3:30: the services depend on one another in a circle: a -> b -> a',
    ],
    [
      'a missing env file',
      a('env_file:\n  - other.env'),
      'compose.yml:5:9: the env file /shop/other.env is not there',
    ],
    [
      'a format of env files',
      { ...a('env_file: [{path: e, format: toml}]'), e: 'A=b' },
      'compose.yml:4:34: "toml" is not a format of an env file',
    ],
    [
      'a malformed env file',
      { ...a('env_file: [one, two]'), one: 'A=b\nB=c\n', two: 'C=d\nD="e\n' },
      'two:2:1: this line of the env file cannot be read',
    ],
    [
      'a malformed .env',
      { ...a('user: b'), '.env': 'A=b\nnot a name\n' },
      '.env:2:1: this line of the env file cannot be read',
    ],
    [
      'a missing label file',
      a('label_file: labels'),
      'compose.yml:4:17: the label file /shop/labels is not there',
    ],
    [
      'a secret from nowhere',
      { ...main('secrets: {pw: {}}\nservices: {}\n') },
      'compose.yml:1:15: secrets.pw does not say where it comes from',
    ],
    [
      'a secret from two places',
      main('secrets: {pw: {file: a, environment: B}}\nservices: {}\n'),
      'compose.yml:1:25: secrets.pw has file and environment',
    ],
    [
      'an external volume with a driver',
      main('volumes: {v: {external: true, driver: nfs}}\nservices: {}\n'),
      'compose.yml:1:31: volumes.v is external, and has "driver" as well',
    ],
    [
      'two names of one network',
      main('networks: {n: {name: a, external: {name: b}}}\nservices: {}\n'),
      'compose.yml:1:35: networks.n has two names: a and b',
    ],
    [
      'a name that is a number',
      main('name: 5\nservices: {}\n'),
      'compose.yml:1:7: the name of a project must be a text',
    ],
  ])('%s', (_title, texts, refusal) => {
    const found = refusalOf(texts)
    expect(found.startsWith(refusal), found).toBe(true)
    expect(found).toMatch(/ -> .+/)
  })

  it('a name from outside that Compose would not take', () => {
    const texts = { 'compose.yml': 'services: {}\n' }
    expect(refusalOf(texts, { projectName: 'My Shop' })).toBe(
      'compose.yml:1:1: "My Shop" cannot be the name of a project -> use lower-case letters, digits, - and _, and begin with a letter or a digit: myshop',
    )
  })

  it('a file that is not there', () => {
    expect(refusalOf({}, { files: ['/shop/compose.yml'] })).toBe(
      'compose.yml:1:1: the file /shop/compose.yml is not there -> correct the path, or create the file',
    )
  })

  it('in the file that says it, not in the one that is read first', () => {
    const texts = {
      'compose.yml': 'services:\n  a: {image: x}\n',
      'more.yml': 'services:\n  a:\n    scale: many\n',
    }
    const files = ['/shop/compose.yml', '/shop/more.yml']
    expect(refusalOf(texts, { files })).toMatch(
      /^more.yml:3:12: services.a.scale must be a whole number, not a text/,
    )
  })
})
