import { chmodSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Bundles the stand-in into a folder, and gives the program to start in place of `electron`. */
export async function buildStandIn(folder: string): Promise<string> {
  // One after the other: what both share must lie in neither, because each runs by itself.
  await bundle(new URL('./parent-port.ts', import.meta.url), folder)
  await bundle(new URL('./start.ts', import.meta.url), folder)
  const program = join(folder, 'start.cjs')
  chmodSync(program, 0o755)
  return program
}

async function bundle(entry: URL, folder: string): Promise<void> {
  const file = fileURLToPath(entry)
  await build({
    configFile: false,
    root: dirname(file),
    logLevel: 'error',
    ssr: { noExternal: ['ws'] },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      ssr: true,
      rolldownOptions: {
        input: file,
        output: { format: 'cjs', entryFileNames: '[name].cjs', banner: '#!/usr/bin/env node' },
      },
    },
  })
}
