// All that is known without a server, at once: `npm run check`. What fails is printed whole, the rest by its time.
import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'

const checks = {
  types: ['npm', 'run', '-s', 'types'],
  lint: ['npm', 'run', '-s', 'lint'],
  dead: ['npm', 'run', '-s', 'dead'],
  unit: ['vitest', 'run', '--project', 'unit', '--reporter', 'dot', ...process.argv.slice(2)],
}

/** Runs one check; resolves with whether it passed. */
function runCheck(name, [command, ...args]) {
  const started = performance.now()
  const printed = []
  return new Promise(resolve => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => printed.push(chunk))
    const end = (passed, problem = '') => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      if (!passed) process.stdout.write(`${Buffer.concat(printed)}${problem}\n`)
      process.stdout.write(`${passed ? '✓' : '✗'} ${name} ${seconds} s\n`)
      resolve(passed)
    }
    child.once('error', error => end(false, error.message))
    child.once('close', code => end(code === 0))
  })
}

const passed = await Promise.all(Object.entries(checks).map(([name, command]) => runCheck(name, command)))
process.exitCode = passed.every(Boolean) ? 0 : 1
