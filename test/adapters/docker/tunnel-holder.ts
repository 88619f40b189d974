import Dockerode from 'dockerode'
import { connectThrough, readBackendPid } from './tunnel-sessions.ts'

// A program that holds a lock through a tunnel until somebody kills it.
const [socketPath = '', container = ''] = process.argv.slice(2)
const client = await connectThrough(new Dockerode({ socketPath }), container)
await client.query('begin')
await client.query('lock table held in access exclusive mode')
process.stdout.write(`${await readBackendPid(client)}\n`)
setInterval(() => undefined, 60_000)
