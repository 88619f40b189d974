import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type DevCompose, withDevCompose } from './dev-compose.ts'
import {
  type LockstepHome,
  type LockstepOptions,
  type LockstepResult,
  openLockstepHome,
} from './run-lockstep.ts'

/** A Compose project of a test's own that runs, and command lines in its folder. */
export interface ComposePlace {
  readonly home: LockstepHome
  readonly folder: string
  readonly project: DevCompose
  /** Runs the command line in the project's folder; what it prints is kept for `everything`. */
  lockstep(args: readonly string[], options?: LockstepOptions): Promise<LockstepResult>
  /** All that was printed and kept so far: where a secret must not be. */
  everything(): string
  /** What a query answers in a database of a service, asked from inside its container. */
  ask(service: string, database: string, sql: string): Promise<string>
  close(): Promise<void>
}

/** Starts a project from files, of which `compose.yaml` is one; the caller must close it. */
export async function openComposePlace(
  label: string,
  files: Readonly<Record<string, string>>,
): Promise<ComposePlace> {
  const home = openLockstepHome()
  const folder = join(home.folder, 'project')
  writeFiles(folder, files)
  const { project, release } = await hold(label, join(folder, 'compose.yaml')).catch(async error => {
    await home.close()
    throw error
  })
  const printed: string[] = []
  return {
    home,
    folder,
    project,
    lockstep: async (args, options) => {
      const environment = { ...project.env, ...options?.environment }
      const result = await home.run(args, { folder, ...options, environment })
      printed.push(result.stdout, result.stderr)
      return result
    },
    everything: () => [...printed, ...readEverything(home.stateFolder)].join('\n'),
    ask: async (service, database, sql) => {
      const query = ['psql', '-U', 'postgres', '-h', '127.0.0.1', '-Atc', sql, database]
      return (await project.compose('exec', '-T', service, ...query)).trim()
    },
    close: async () => {
      await release()
      await home.close()
    },
  }
}

/** Writes files with their folders. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

/** The text of every file below a folder; nothing where there is none. */
export function readEverything(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(file => statSync(file).isFile())
    .map(file => readFileSync(file, 'utf8'))
}

/** Keeps a project up for several tests. */
async function hold(label: string, file: string) {
  let release: () => void = () => undefined
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  let done: Promise<void> = Promise.resolve()
  const project = await new Promise<DevCompose>((resolve, reject) => {
    done = withDevCompose({ file, label }, async started => {
      resolve(started)
      await released
    })
    done.catch(reject)
  })
  return {
    project,
    release: async () => {
      release()
      await done
    },
  }
}
