import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const fromRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The Python runner is data: it lies beside the bundle, in a packed package and in a packaged app alike. */
function copyRunner(outDir: string): Plugin {
  return {
    name: 'copy-alembic-runner',
    closeBundle() {
      cpSync(fromRoot('electron/adapters/alembic/runner'), `${outDir}/alembic-runner`, {
        recursive: true,
        filter: path => !path.includes('__pycache__'),
      })
    },
  }
}

const outDir = fromRoot(process.env.LOCKSTEP_BUILD_DIR ?? 'dist')

/** Bundles the command line and the library for Node; dependencies stay packages. */
export default defineConfig({
  plugins: [copyRunner(outDir)],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    sourcemap: true,
    ssr: true,
    rolldownOptions: {
      input: { cli: fromRoot('electron/cli/main.ts'), index: fromRoot('electron/host/index.ts') },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
})
