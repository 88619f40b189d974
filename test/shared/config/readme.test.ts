import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseConfig } from '../../../shared/config/parse-config.ts'

const [services = '', project = '', defaults = ''] = [
  ...readFileSync('README.md', 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g),
].map(match => match[1] ?? '')
const nowhere = { env: () => undefined, file: () => undefined }

it('the project file of the README is one that Lockstep reads', () => {
  expect(parseConfig(project, 'README.md', nowhere).groups.map(group => group.name)).toEqual([
    'canary',
    'rest',
  ])
})

it('the defaults of the README are all of them, with the values that are taken', () => {
  const { vote, gates, drift, lint, waivers, execution } = parseConfig(project, 'README.md', nowhere)
  expect(parse(defaults)).toEqual({ vote, gates, drift, lint, waivers, execution })
})

it('the project file with services of the README is one that Lockstep reads', () => {
  const { compose, servers, migrations } = parseConfig(services, 'README.md', nowhere)
  expect(compose?.files).toEqual(['compose.yaml', 'compose.prod.yaml'])
  expect(servers.map(server => server.service)).toEqual(['db', 'replica'])
  expect(migrations.alembic?.service).toBe('app')
})
