import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ServerSettings } from './server-settings.ts'

/** The password as libpq would find it: settings, `PGPASSWORD`, then the password file; empty when there is none. */
export async function findPassword(settings: ServerSettings, database: string): Promise<string> {
  if (settings.password !== null) return settings.password
  if (process.env.PGPASSWORD !== undefined) return process.env.PGPASSWORD
  const text = await readPasswordFile(process.env.PGPASSFILE ?? join(homedir(), '.pgpass'))
  return matchPassword(text, [settings.host, String(settings.port), database, settings.user]) ?? ''
}

/** Finds the first line of a password file that matches host, port, database and user. */
export function matchPassword(text: string, wanted: readonly string[]): string | null {
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    const fields = splitFields(line)
    const password = fields[4]
    if (password === undefined) continue
    if (wanted.every((value, index) => fields[index] === '*' || removeEscapes(fields[index]) === value)) {
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

async function readPasswordFile(file: string): Promise<string> {
  try {
    // libpq ignores a file that others may read.
    if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) return ''
    return await readFile(file, 'utf8')
  } catch {
    return ''
  }
}
