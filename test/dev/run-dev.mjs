// The dashboard with hot reload: `npm run dev`, `npm run dev -- --sandbox`, `npm run dev -- ../shop`.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const here = name => fileURLToPath(new URL(name, import.meta.url))
const { module } = await runnerImport(here('start-dev-server.ts'), { configFile: false, logLevel: 'error' })
const server = await module.startDevServer({
  args: process.argv.slice(2),
  port: 5173,
  say: line => process.stderr.write(`${line}\n`),
})
process.stderr.write('The dashboard is open at this address, which signs in one browser. Ctrl-C ends it.\n')
process.stdout.write(`${server.address}\n`)
if (server.newAddress !== null && process.stdin.isTTY) {
  process.stderr.write('Enter shows another address, which replaces this one.\n')
  process.stdin.on('data', () => process.stderr.write(`${server.newAddress()}\n`))
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void server.close())
await server.ended
process.exit()
