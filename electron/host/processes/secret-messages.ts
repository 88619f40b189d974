import type { RecalledSecret, SecretAvailability, SecretPlace } from '../service/interface/secret-storage.ts'

/** What the engine asks the shell about passwords. */
export type SecretAsk =
  | { readonly ask: 'state' }
  | { readonly ask: 'read'; readonly projectFile: string }
  | { readonly ask: 'write'; readonly place: SecretPlace; readonly password: string }
  | { readonly ask: 'forget'; readonly projectFile: string; readonly server: string }

/** What the shell answers; why something failed stays in the shell, because it may hold what was given. */
export type SecretAnswer =
  | { readonly answer: 'state'; readonly state: SecretAvailability }
  | { readonly answer: 'read'; readonly recalled: readonly RecalledSecret[] }
  | { readonly answer: 'done' }
  | { readonly answer: 'failed' }
