import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { parseConfig } from '../../electron/config/parse-config.ts'
import { projectConfigSchema } from '../../electron/config/project-config.ts'
import { readDefaultProtocol } from '../../electron/host/protocol/default-protocol.ts'
import { parseProtocol } from '../../electron/protocol/parse-protocol.ts'
import { wordsOfKey } from '../../electron/settings/known-keys.ts'
import { type Fence, listFences, listInlineCode, readPages } from '../support/docs/read-pages.ts'

const pages = readPages()
const blocks = pages.flatMap(listFences)
const lookup = { env: () => '5432', file: readReferred }

/** A protocol where one is named, any text elsewhere. */
function readReferred(path: string): string {
  return path.endsWith('.md') ? readDefaultProtocol().replaceAll(/```lockstep[\s\S]*?```/g, '') : 'text'
}

/** The first line of a block of YAML says which file it is from. */
function fileOf({ text }: Fence): string {
  return /^# (\S+)/.exec(text)?.[1] ?? ''
}

/** A whole file as it is; a part of one in the smallest file that is whole. */
function completeConfig(text: string): string {
  if (/^version:/m.test(text)) return text
  const smallest = {
    version: 1,
    servers: [{ name: 'primary', host: 'db.internal' }],
    tenants: { databases: 'tenant_*' },
    migrations: { sql: {} },
  }
  return stringify({ ...smallest, ...parse(text) })
}

const yaml = blocks.filter(({ language }) => language === 'yaml' || language === 'yml')
const configs = yaml.filter(block => fileOf(block) === 'lockstep.yml')

describe('every block of YAML', () => {
  it.each(yaml)('of $page:$line says which file it is from, and is YAML', block => {
    expect(fileOf(block)).toMatch(/\.ya?ml$/)
    expect(parse(block.text)).toBeTypeOf('object')
  })

  it.each(configs)('of $page:$line is read by Lockstep, if it is a lockstep.yml', ({ text, page }) => {
    expect(parseConfig(completeConfig(text), page, lookup).version).toBe(1)
  })

  it('of a lockstep.yml with a key that does not exist is refused', () => {
    expect(() => parseConfig(completeConfig('# lockstep.yml\ngatez: {}\n'), 'x.md', lookup)).toThrow()
    expect(configs.length).toBeGreaterThan(10)
  })
})

it.each(blocks.filter(({ language }) => language === 'lockstep'))(
  'the block of a protocol in $page:$line is read by Lockstep',
  ({ text, page }) => {
    const protocol = `---\nname: a\ndescription: a\n---\n\n# A\n\n\`\`\`lockstep\n${text}\n\`\`\`\n`
    expect(parseProtocol(protocol, page, lookup).name).toBe('a')
  },
)

/** Keys such as `execution.lockRetries` that the prose of a page names and no file can have. */
function findUnknownKeys(page: { readonly path: string; readonly text: string }): readonly string[] {
  const parts = Object.keys(projectConfigSchema.shape)
  return listInlineCode(page).flatMap(({ line, text }) => {
    const [, name = ''] = /^([a-z]\w*(?:(?:\[\])?\.\w+)+)(?::.*)?$/i.exec(text) ?? []
    const path = name.replaceAll('[]', '.[]').split('.')
    const isKey = parts.includes(path[0] ?? '') && path.length > 1 && !/\.(ts|md|json|yml|xml)$/.test(name)
    return isKey && wordsOfKey(projectConfigSchema, path) === null ? [`${page.path}:${line}: ${name}`] : []
  })
}

it.each(pages)('$path names keys of lockstep.yml that exist', page => {
  expect(findUnknownKeys(page)).toEqual([])
})

it('a key that does not exist is found with its line', () => {
  const text =
    '`execution.lockRetries` `rehearsal.data: sample` `hooks.sql[].name`\n`execution.tries` `lint.ts`'
  expect(findUnknownKeys({ path: 'x.md', text })).toEqual(['x.md:2: execution.tries'])
})
