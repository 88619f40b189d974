import { readFileSync, statSync } from 'node:fs'
import { chmod, chown } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'

/** The account that PostgreSQL runs under when Lockstep itself is root, which PostgreSQL refuses to be. */
export interface ServerUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** The least entitled accounts first: a sandbox needs no rights of its own. */
const preferredNames = ['nobody', 'daemon', 'postgres', '_postgres']

/** Chooses another account when running as root; null when the present one will do. */
export function chooseServerUser(): ServerUser | null {
  if (process.getuid === undefined) return null
  if (process.getuid() !== 0) {
    requireAccount()
    return null
  }
  const chosen = pickServerUser(parseAccounts(readFileSync('/etc/passwd', 'utf8')))
  if (chosen !== undefined) return chosen
  throw new LockstepError({
    kind: 'sandbox_failed',
    problem: 'PostgreSQL refuses to run as root, and this machine has no other account',
    fix: 'add an account (such as nobody) to /etc/passwd, or run Lockstep as a normal user',
  })
}

/** Reads the accounts of a passwd file. */
export function parseAccounts(text: string): readonly ServerUser[] {
  return text.split('\n').flatMap(line => {
    const [name, , uid, gid] = line.split(':')
    if (!name || !uid || !gid || !/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return []
    return [{ name, uid: Number(uid), gid: Number(gid) }]
  })
}

/** Picks the account that is entitled to the least; undefined when there is only root. */
export function pickServerUser(accounts: readonly ServerUser[]): ServerUser | undefined {
  const others = accounts.filter(account => account.uid !== 0)
  const preferred = preferredNames.flatMap(name => others.filter(account => account.name === name))
  return preferred[0] ?? others[0]
}

/** Says whether the account may enter the folders above a path and read what is there. */
export function canReach(user: ServerUser | null, path: string): boolean {
  if (user === null) return true
  const target = resolve(path)
  if (!isAllowed(user, target, statSync(target).isDirectory() ? 0o5 : 0o4)) return false
  for (let folder = dirname(target); ; folder = dirname(folder)) {
    if (!isAllowed(user, folder, 0o1)) return false
    if (folder === dirname(folder)) return true
  }
}

/** Hands a file or folder to the server's account. */
export async function giveTo(user: ServerUser | null, path: string, mode: number): Promise<void> {
  await chmod(path, mode)
  if (user !== null) await chown(path, user.uid, user.gid)
}

function isAllowed(user: ServerUser, path: string, wanted: number): boolean {
  const { mode, uid, gid } = statSync(path)
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0
  return ((mode >> shift) & wanted) === wanted
}

/** initdb stops when the user id has no name, as in a container that runs under an arbitrary id. */
function requireAccount(): void {
  try {
    userInfo()
  } catch (error) {
    throw new LockstepError(
      {
        kind: 'sandbox_failed',
        problem: `PostgreSQL needs an account with a name, and user id ${process.getuid?.()} has none`,
        fix: 'add a line for this user id to /etc/passwd, or run as root or as an existing user',
      },
      { cause: error },
    )
  }
}
