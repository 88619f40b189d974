import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Bundles the stand-in into a folder, and gives the program to start in place of `electron`. */
export async function buildStandIn(folder: string): Promise<string> {
  const here = fileURLToPath(new URL('.', import.meta.url))
  await build({
    configFile: false,
    root: here,
    logLevel: 'error',
    ssr: { noExternal: ['ws'] },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      ssr: true,
      rolldownOptions: {
        input: { start: join(here, 'start.ts'), 'parent-port': join(here, 'parent-port.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', banner: '#!/usr/bin/env node' },
      },
    },
  })
  const program = join(folder, 'start.cjs')
  chmodSync(program, 0o755)
  return program
}
