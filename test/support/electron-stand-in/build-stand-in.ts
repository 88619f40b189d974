import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Bundles the stand-in into a folder, and gives the program to start in place of `electron`. */
export async function buildStandIn(folder: string): Promise<string> {
  // One after the other: what both share must lie in neither, because each runs by itself.
  await bundle('parent-port', folder)
  await bundle('start', folder)
  const program = join(folder, 'start.cjs')
  chmodSync(program, 0o755)
  return program
}

async function bundle(name: string, folder: string): Promise<void> {
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
        input: { [name]: join(here, `${name}.ts`) },
        output: { format: 'cjs', entryFileNames: '[name].cjs', banner: '#!/usr/bin/env node' },
      },
    },
  })
}
