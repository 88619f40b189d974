import type { DeclaredRole, FollowedServer } from './declare-role.ts'
import type { ServerEvidence } from './link-servers.ts'

/** What the Compose files say of one server. */
export interface ServerDeclaration {
  readonly server: string
  readonly role: DeclaredRole
  readonly follows: FollowedServer | null
}

/** Everything that was said of a project's servers: by the files, and by themselves. */
export interface ArrangeRequest extends ServerEvidence {
  readonly declarations: readonly ServerDeclaration[]
}
