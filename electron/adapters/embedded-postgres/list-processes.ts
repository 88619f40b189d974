import { readdir, readlink } from 'node:fs/promises'

/** Lists the processes that work inside a data folder, where every PostgreSQL process does; empty where the system has no /proc. */
export async function listProcessesIn(folder: string): Promise<readonly number[]> {
  const names = await readdir('/proc').catch(() => [])
  const processes = names.filter(name => /^\d+$/.test(name)).map(Number)
  const inside = await Promise.all(
    processes.map(async pid => (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder),
  )
  return processes.filter((_, index) => inside[index])
}
