// Prints the folders of the product with what they hold and what they are for: `npm run -s structure`.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))
const load = async name => (await runnerImport(fileURLToPath(new URL(name, import.meta.url)))).module
const { describeStructure, readPurposes } = await load('describe-structure.ts')
const { readSources } = await load('read-sources.ts')
const lines = describeStructure(
  readSources(root),
  readPurposes(readFileSync(`${root}docs/architecture.md`, 'utf8')),
)
process.stdout.write(`${lines.join('\n')}\n`)
process.exitCode = / 0 cycles$/.test(lines.at(-1) ?? '') ? 0 : 1
