import type { Credentials } from './find-credentials.ts'

/**
 * The login of a server: its own, and for a declared standby that has none, or only a part, that of the server it copies.
 *
 * A standby with a user of its own, or with a password of its own that is another one, is asked as it says.
 */
export function inheritLogin(
  server: string,
  own: ReadonlyMap<string, Credentials>,
  copies: ReadonlyMap<string, string>,
): Credentials {
  return inherit(server, own, copies, new Set())
}

function inherit(
  server: string,
  own: ReadonlyMap<string, Credentials>,
  copies: ReadonlyMap<string, string>,
  asked: ReadonlySet<string>,
): Credentials {
  const login = own.get(server)
  if (!login) throw new Error(`no login was looked up for server ${server}`)
  const sourceName = copies.get(server)
  // Servers that are declared to copy one another have no source.
  if (sourceName === undefined || asked.has(sourceName) || !own.has(sourceName)) return login
  const source = inherit(sourceName, own, copies, new Set([...asked, server]))
  const { user, isUserDeclared, password } = login
  if (isUserDeclared)
    return user === source.user ? { ...login, password: password ?? source.password } : login
  if (password === null) return { ...login, user: source.user, password: source.password }
  return password === '' || password === source.password ? { ...login, user: source.user } : login
}
