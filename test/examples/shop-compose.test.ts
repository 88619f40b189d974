import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readCompose } from '../../electron/compose/read-compose.ts'
import { parseConfig } from '../../electron/config/parse-config.ts'
import { repository } from '../support/docs/read-pages.ts'

const folder = join(repository, 'examples/shop-compose')

function readProject(file: string, projectDirectory: string) {
  const { project, warnings } = readCompose({
    files: [join(projectDirectory, file)],
    projectDirectory,
    projectName: null,
    environment: {},
    envFiles: null,
    profiles: [],
    readFile: path => {
      try {
        return readFileSync(path, 'utf8')
      } catch {
        return undefined
      }
    },
  })
  expect(warnings).toEqual([])
  return project
}

const example = readProject('compose.yaml', folder)

it('docker-compose.dev.yml is the Compose project of the examples, from the top of the clone', () => {
  const included = readProject('docker-compose.dev.yml', repository)
  expect(included.services).toEqual(example.services)
  expect(included.name).toBe(example.name)
})

it('the project file of the Compose example names services that exist', () => {
  const text = readFileSync(join(folder, 'lockstep.yml'), 'utf8')
  const config = parseConfig(text, 'lockstep.yml', { env: () => undefined, file: () => 'text' })
  const named = config.servers.map(server => ('service' in server ? server.service : null))
  expect(named).toEqual(Object.keys(example.services).filter(name => name !== 'app'))
  expect(example.services.app).toBeDefined()
})
