import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'vitest'
import { type Demo, withDemo } from '../../electron/host/demo/open-demo.ts'
import { loadProject } from '../../electron/host/settings/load-project.ts'

const rounds = Number(process.env.LOCKSTEP_BENCH_ROUNDS ?? 5)
const tenants = ['acorn', 'birch', 'cedar', 'dogwood', 'elm']
const launcher = resolve('electron/cli/lockstep.mjs')

/** Runs a program to its end and gives its wall time in milliseconds; anything but exit 0 is an error. */
function time(
  command: string,
  args: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const startedAt = performance.now()
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: folder, env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
    let errors = ''
    child.stderr.on('data', chunk => {
      errors += String(chunk)
    })
    child.once('error', fail)
    child.once('exit', code =>
      code === 0 ? done(performance.now() - startedAt) : fail(new Error(`exit ${code}: ${errors}`)),
    )
  })
}

/** Puts the five tenants back to where they were, from copies that nobody touches. */
async function resetTenants(demo: Demo): Promise<void> {
  for (const name of tenants) {
    await demo.runSql('postgres', `drop database if exists ${name} with (force)`)
    await demo.runSql('postgres', `create database ${name} template ${name}_before`)
    await demo.runSql('postgres', `revoke connect, temporary on database ${name} from public`)
    await demo.runSql('postgres', `grant connect on database ${name} to ${name}_app`)
  }
  await demo.runSql('postgres', 'checkpoint')
}

async function keepCopies(demo: Demo): Promise<void> {
  for (const name of tenants) {
    await demo.runSql('postgres', `create database ${name}_before template ${name}`)
    await demo.runSql('postgres', `revoke connect on database ${name}_before from public`)
  }
}

/** An ini file per tenant, as somebody who loops over `alembic upgrade head` has them. */
function writeIniFiles(demo: Demo): readonly string[] {
  const text = readFileSync(join(demo.folder, 'alembic.ini'), 'utf8')
  const { user, password } = demo.cluster.superuser
  return tenants.map(name => {
    const url = `postgresql+psycopg://${user}:${encodeURIComponent(password ?? '')}@127.0.0.1:${demo.cluster.primary.port}/${name}`
    const file = `alembic-${name}.ini`
    writeFileSync(
      join(demo.folder, file),
      text.replace(/^sqlalchemy\.url.*$/m, `sqlalchemy.url = ${url.replaceAll('%', '%%')}`),
    )
    return file
  })
}

const print = (lines: readonly string[]): void => void process.stdout.write(`\n${lines.join('\n')}\n\n`)

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

test('five tenants: lockstep with all gates beside five alembic upgrade head calls', {
  timeout: 900_000,
}, async () => {
  const state = mkdtempSync(join(tmpdir(), 'lockstep-bench-'))
  const environment = { ...process.env, LOCKSTEP_STATE_DIR: state }
  try {
    await withDemo(
      {
        fault: 'none',
        source: 'alembic',
        keep: false,
        say: () => undefined,
        signal: new AbortController().signal,
      },
      async demo => {
        const config = join(demo.folder, 'lockstep.yml')
        writeFileSync(
          config,
          readFileSync(config, 'utf8').replace(/databases: .*/, `databases: [${tenants.join(', ')}]`),
        )
        const python = loadProject(config, demo.folder).config.migrations.alembic?.python ?? 'python3'
        await keepCopies(demo)
        const iniFiles = writeIniFiles(demo)
        const ours: number[] = []
        const theirs: number[] = []
        for (let round = 0; round <= rounds; round += 1) {
          await resetTenants(demo)
          const lockstep = await time(
            process.execPath,
            [launcher, 'run', '--yes', '--quiet'],
            demo.folder,
            environment,
          )
          await resetTenants(demo)
          let loop = 0
          for (const file of iniFiles)
            loop += await time(
              python,
              ['-m', 'alembic', '-c', file, 'upgrade', 'head'],
              demo.folder,
              environment,
            )
          // The first round warms caches and is not counted.
          if (round > 0) {
            ours.push(lockstep)
            theirs.push(loop)
          }
        }
        const ratio = median(theirs.map((value, index) => value / (ours[index] ?? Number.NaN)))
        print([
          `lockstep run, five tenants, all gates    ${median(ours).toFixed(0)} ms (median of ${rounds})`,
          `alembic upgrade head, five calls         ${median(theirs).toFixed(0)} ms`,
          `alembic / lockstep, pair by pair         ${ratio.toFixed(2)} (1 or more: lockstep is at least as fast)`,
          ...readPhases(state),
        ])
      },
    )
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
})

/** Each phase's share of the last run. */
function readPhases(state: string): readonly string[] {
  const folder = join(state, 'runs')
  const last = readdirSync(folder).sort().at(-1)
  if (!last) return []
  const report = JSON.parse(readFileSync(join(folder, last, 'report.json'), 'utf8')) as {
    phase_logs: { phase: string; group: string | null; duration_ms: number }[]
    summary: { total_duration_seconds: number }
  }
  const total = report.summary.total_duration_seconds * 1_000
  return report.phase_logs.map(({ phase, group, duration_ms }) => {
    const share = `${((100 * duration_ms) / total).toFixed(0)} %`
    return `  ${`${phase}${group ? ` (${group})` : ''}`.padEnd(38)} ${String(duration_ms).padStart(5)} ms  ${share.padStart(5)}`
  })
}
