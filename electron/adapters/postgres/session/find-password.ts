import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ServerSettings } from './server-settings.ts'

/** The password as libpq would find it: settings, `PGPASSWORD`, then the password file; empty when there is none. */
export async function findPassword(settings: ServerSettings, database: string): Promise<string> {
  if (settings.password !== null) return settings.password
  if (process.env.PGPASSWORD !== undefined) return process.env.PGPASSWORD
  const { host, port, user } = settings
  return matchPassword(await readPasswordFile(settings), [host, String(port), database, user]) ?? ''
}

/** Says whether the settings, `PGPASSWORD` or a line of the password file give this user of this server a password, for any database. */
export async function hasPasswordElsewhere(settings: ServerSettings): Promise<boolean> {
  const { password, host, port, user } = settings
  if (password !== null || process.env.PGPASSWORD !== undefined) return true
  return matchPassword(await readPasswordFile(settings), [host, String(port), null, user]) !== null
}

/** Finds the first line of a password file that matches host, port, database and user; null is any of them. */
export function matchPassword(text: string, wanted: readonly (string | null)[]): string | null {
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    const fields = splitFields(line)
    const password = fields[4]
    if (password === undefined) continue
    const isMeant = (value: string | null, index: number): boolean =>
      value === null || fields[index] === '*' || removeEscapes(fields[index]) === value
    if (wanted.every(isMeant)) {
      return removeEscapes(password)
    }
  }
  return null
}

/** Fields stay escaped, so that an escaped star is no wildcard; colons after the fourth belong to the password. */
function splitFields(line: string): readonly string[] {
  const parts = line.match(/^((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):(.*)$/)
  return parts === null ? [] : parts.slice(1)
}

function removeEscapes(field: string | undefined): string {
  return (field ?? '').replace(/\\(.)/g, '$1')
}

async function readPasswordFile({ passFile }: Pick<ServerSettings, 'passFile'>): Promise<string> {
  const file = passFile ?? process.env.PGPASSFILE ?? join(homedir(), '.pgpass')
  try {
    // libpq ignores a file that others may read.
    if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) return ''
    return await readFile(file, 'utf8')
  } catch {
    return ''
  }
}
