import { startCluster } from '../../../electron/adapters/embedded-postgres/start-cluster.ts'

/** A program that owns a sandbox, says where it is, and goes the way its first argument names. */
const cluster = await startCluster({ fsync: false })
const servers = [cluster.primary, ...cluster.standbys]
const facts = { folder: cluster.folder, ports: servers.map(server => server.port) }
process.stdout.write(`${JSON.stringify(facts)}\n`)

switch (process.argv[2]) {
  case 'stop':
    await cluster.stop()
    await cluster.stop()
    break
  case 'exit':
    process.exit(3)
    break
  case 'throw':
    throw new Error('the owner failed')
  case 'return':
    break
  default:
    setInterval(() => undefined, 1000)
}
