// Checks the types of the four parts one after another; each remembers in .cache what it found, so that only what changed is looked at again.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
let failed = false
for (const part of ['shared', 'electron', 'renderer', 'test']) {
  const remembered = ['--incremental', '--tsBuildInfoFile', `.cache/types/${part}.tsbuildinfo`]
  const { status } = spawnSync('tsc', ['-p', part, ...remembered], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  failed ||= status !== 0
}
process.exitCode = failed ? 1 : 0
