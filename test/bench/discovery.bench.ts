import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { runCommand } from '../support/run-command.ts'
import { type LargeProject, withLargeProject } from './large-project.ts'

const rounds = Number(process.env.LOCKSTEP_BENCH_ROUNDS ?? 5)
const goalMs = 3_000

interface Topology {
  readonly services: readonly { readonly container: { readonly state: string } | null }[]
  readonly clusters: readonly { readonly standbys: readonly unknown[] }[]
  readonly unplaced: readonly unknown[]
  readonly links: readonly { readonly server: string; readonly from: string; readonly kind: string }[]
  readonly tenants: readonly unknown[]
  readonly migrations: readonly { readonly service: string | null }[]
}

interface Timed {
  readonly wallMs: number
  readonly stdout: string
}

async function time(work: () => Promise<string>): Promise<Timed> {
  const startedAt = performance.now()
  const stdout = await work()
  return { stdout, wallMs: performance.now() - startedAt }
}

/** What somebody's shell script would ask: the containers, then the databases of one server after another. */
async function askByScript({ folder, environment, servers }: LargeProject): Promise<string> {
  const compose = (...args: string[]) => runCommand('docker', ['compose', ...args], { folder, environment })
  const answers = [await compose('ps', '--all', '--format', 'json')]
  const list = ['psql', '-XAtq', '-U', 'postgres', '-c', 'select datname from pg_database']
  for (const server of servers) answers.push(await compose('exec', '-T', server, ...list))
  return answers.join('')
}

/** A fast answer that lacks something is no answer. */
function check(topology: Topology, { containerCount, tenantCount, links }: LargeProject): void {
  const running = topology.services.filter(({ container }) => container?.state === 'running')
  expect(running.length, 'running containers').toBe(containerCount)
  expect(topology.tenants.length, 'tenants').toBe(tenantCount)
  expect(topology.clusters.map(({ standbys }) => standbys.length).sort(), 'standbys by cluster').toEqual([
    1, 3,
  ])
  expect(topology.unplaced, 'servers in no cluster').toEqual([])
  const found = topology.links.map(({ server, from }) => [server, from])
  expect(Object.fromEntries(found), 'who takes WAL from whom').toEqual(links)
  expect(
    topology.migrations.map(one => one.service),
    'services with migrations',
  ).toEqual(['app'])
}

test('a Compose project of 20 containers and 200 tenants: lockstep topology beside a shell script', {
  timeout: 1_800_000,
}, async () => {
  const docker = inject('docker')
  if (docker === null) throw new Error(`no Docker for the benchmark: ${inject('dockerProblem')}`)
  const state = mkdtempSync(join(tmpdir(), 'lockstep-bench-'))
  try {
    await withLargeProject(docker, async project => {
      const { folder } = project
      const environment = { ...project.environment, LOCKSTEP_STATE_DIR: state }
      const run = (...args: string[]) => runCommand(process.execPath, args, { folder, environment })
      const ours: number[] = []
      const theirs: number[] = []
      const starts: number[] = []
      const reads: number[] = []
      for (let round = 0; round <= rounds; round += 1) {
        const lockstep = await time(() => run(inject('launcher'), 'topology', '--json'))
        check(JSON.parse(lockstep.stdout) as Topology, project)
        const script = await time(() => askByScript(project))
        const start = await time(() => run(inject('launcher'), '--version'))
        const read = await time(() =>
          runCommand('docker', ['compose', 'config', '--format', 'json'], { folder, environment }),
        )
        // The first round warms caches and is not counted.
        if (round === 0) continue
        ours.push(lockstep.wallMs)
        theirs.push(script.wallMs)
        starts.push(start.wallMs)
        reads.push(read.wallMs)
      }
      print(ours, theirs, { 'lockstep --version': starts, 'docker compose config': reads })
    })
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
})

function print(
  ours: readonly number[],
  theirs: readonly number[],
  parts: Readonly<Record<string, readonly number[]>>,
): void {
  const ratio = median(theirs.map((value, index) => value / (ours[index] ?? Number.NaN)))
  const verdict = median(ours) < goalMs ? 'yes' : 'NO'
  const shares = Object.entries(parts).map(([name, values]) => {
    const share = median(values.map((value, index) => (100 * value) / (ours[index] ?? Number.NaN)))
    return `  ${name.padEnd(39)}${median(values).toFixed(0).padStart(5)} ms  ${share.toFixed(0)} % of that time`
  })
  const lines = [
    `lockstep topology, 20 containers, 200 tenants ${median(ours).toFixed(0)} ms (median of ${rounds})`,
    `  fastest round                           ${Math.min(...ours).toFixed(0)} ms`,
    ...shares,
    `docker compose ps, psql in 6 containers       ${median(theirs).toFixed(0)} ms`,
    `script / lockstep, pair by pair               ${ratio.toFixed(2)} (1 or more: lockstep is at least as fast)`,
    `under ${goalMs / 1_000} s                                   ${verdict}`,
  ]
  process.stdout.write(`\n${lines.join('\n')}\n\n`)
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
