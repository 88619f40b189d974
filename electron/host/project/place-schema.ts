import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { configJsonSchema } from '../../config/config-json-schema.ts'

const published = 'node_modules/lockstep/dist/config.schema.json'

/** Where an editor finds the JSON Schema of `lockstep.yml`: in the installed package, or else in a copy beside the runs. */
export function placeSchema(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    const file = join(current, published)
    if (existsSync(file)) return relative(folder, file).replaceAll('\\', '/')
    if (dirname(current) === current) break
  }
  const copy = join('.lockstep', 'config.schema.json')
  mkdirSync(join(folder, '.lockstep'), { recursive: true })
  writeFileSync(join(folder, copy), `${JSON.stringify(configJsonSchema(), null, 2)}\n`)
  return copy.replaceAll('\\', '/')
}
