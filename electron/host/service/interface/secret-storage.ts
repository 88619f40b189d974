import type { RememberedPasswords } from '../../settings/remembered-passwords.ts'

/** Whether passwords can be remembered here. */
export type SecretAvailability =
  | { readonly storage: 'available'; readonly why: '' }
  | { readonly storage: 'unavailable'; readonly why: string }

/** What a remembered password is for. */
export interface SecretPlace {
  readonly projectFile: string
  readonly server: string
  /** Who is meant, and where, as the project file says it. */
  readonly account: string
}

/** A remembered password with the server and the account that it is for. */
export interface RecalledSecret {
  readonly server: string
  readonly account: string
  readonly password: string
}

/** Remembers passwords outside the engine; nothing is ever kept unencrypted. */
export interface SecretStorage {
  state(): Promise<SecretAvailability>
  /** The passwords of a project; those that cannot be decrypted any more are left out. */
  read(projectFile: string): Promise<readonly RecalledSecret[]>
  /** Throws where it is unavailable. */
  write(place: SecretPlace, password: string): Promise<void>
  forget(projectFile: string, server: string): Promise<void>
}

/** Where passwords belong that are not remembered here. */
export const otherPlaces = 'use ~/.pgpass, PGPASSFILE or PGPASSWORD'

/** Remembers nothing. */
export const noSecrets: SecretStorage = {
  state: async () => ({
    storage: 'unavailable',
    why: `a browser session keeps no passwords: ${otherPlaces}`,
  }),
  read: async () => [],
  write: async () => {
    throw new Error('no password can be remembered here')
  },
  forget: async () => undefined,
}

/** The remembered passwords of a project; a storage that fails remembers none, and servers then say what is missing. */
export async function recallPasswords(
  storage: SecretStorage,
  projectFile: string,
): Promise<RememberedPasswords> {
  const recalled = await storage.read(projectFile).catch(() => [])
  return new Map(recalled.map(({ server, account, password }) => [server, { account, password }]))
}
