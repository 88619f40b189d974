import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

const fromRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The Python runner, the default protocol and the examples of the demo are data: they lie beside the bundle, in a packed package and in a packaged app alike. */
function copyData(outDir: string): Plugin {
  return {
    name: 'copy-data',
    closeBundle() {
      cpSync(fromRoot('electron/host/protocol/default'), `${outDir}/protocol`, { recursive: true })
      for (const example of ['shop-alembic', 'shop-sql', 'shop-faults'])
        cpSync(fromRoot(`examples/${example}`), `${outDir}/examples/${example}`, {
          recursive: true,
          filter: path => !path.includes('__pycache__'),
        })
      cpSync(fromRoot('electron/adapters/alembic/runner'), `${outDir}/alembic-runner`, {
        recursive: true,
        filter: path => !path.includes('__pycache__'),
      })
    },
  }
}

const outDir = fromRoot(process.env.LOCKSTEP_BUILD_DIR ?? 'dist')

/**
 * Everything that runs in Node. What every command needs goes into the bundle: a quarter of the time of a start was spent
 * on finding some two hundred small files. What brings programs or data of its own stays a package.
 */
const node: UserConfig = {
  root: fromRoot('.'),
  ssr: { noExternal: ['commander', 'picocolors', 'yaml', 'zod', /^pg(-|$)/, /^postgres-/, 'xtend'] },
  plugins: [copyData(outDir)],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    sourcemap: true,
    ssr: true,
    rolldownOptions: {
      input: {
        cli: fromRoot('electron/cli/main.ts'),
        index: fromRoot('electron/host/index.ts'),
        web: fromRoot('electron/web/main.ts'),
        engine: fromRoot('electron/host/processes/engine-process.ts'),
        sandbox: fromRoot('electron/host/processes/sandbox-process.ts'),
        desktop: fromRoot('electron/desktop/main.ts'),
      },
      external: ['electron'],
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
}

/** A sandboxed preload is one CommonJS file that requires nothing but `electron`. */
const preload: UserConfig = {
  root: fromRoot('.'),
  build: {
    outDir,
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    ssr: true,
    rolldownOptions: {
      input: { preload: fromRoot('electron/desktop/preload.ts') },
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
}

/** The dashboard: the same files over `app://` and over loopback HTTP, so every address is relative. */
const renderer: UserConfig = {
  root: fromRoot('renderer'),
  base: './',
  plugins: [react()],
  build: {
    outDir: `${outDir}/renderer`,
    emptyOutDir: true,
    target: 'chrome120',
    sourcemap: false,
    // An inlined file would be a data: address, which the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One style sheet, with the page: one that comes with a part is not asked for again when it did not come.
    cssCodeSplit: false,
  },
}

const parts: Readonly<Record<string, UserConfig>> = { node, preload, renderer }

/** One part of the build at a time, chosen by `--mode`; the launcher builds all three. */
export default defineConfig(({ mode }) => parts[mode] ?? node)
