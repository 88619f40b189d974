import type { RollbackProposal } from '../../../../shared/run/rollback.ts'
import { proposeForProject } from '../../roll-back-project.ts'
import type { Project } from '../../settings/load-project.ts'

export interface RollbackControllerOptions {
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

/** Works out how runs would be undone, and remembers it for as long as this engine lives and nothing has run since. */
export class RollbackController {
  readonly #options: RollbackControllerOptions
  readonly #proposals = new Map<
    string,
    { readonly proposal: RollbackProposal; readonly newest: string | null }
  >()
  /** For whom each was asked for: a rollback has to be worked out for the same tenants again. */
  readonly #tenants = new Map<string, readonly string[]>()

  constructor(options: RollbackControllerOptions) {
    this.#options = options
  }

  /** Proposes it again: rehearses on copies, counts, and changes nothing. `newest` is the newest run that there is. */
  async propose(
    project: Project,
    asked: { readonly runId: string; readonly tenants: readonly string[] },
    newest: string | null,
  ): Promise<RollbackProposal> {
    const { say, signal } = this.#options
    say('Reading servers and the log of the run')
    const proposal = await proposeForProject(project, asked, say, signal)
    this.#proposals.set(asked.runId, { proposal, newest })
    this.#tenants.set(proposal.rollbackId, asked.tenants)
    return proposal
  }

  /** What was proposed last; null when none was proposed since anything ran. */
  find(runId: string): RollbackProposal | null {
    return this.#proposals.get(runId)?.proposal ?? null
  }

  /** For whom a rollback was proposed, as it was asked for; empty means all tenants. */
  tenantsOf(rollbackId: string): readonly string[] {
    return this.#tenants.get(rollbackId) ?? []
  }

  /** Another run was begun since, also by another process; that an older one is seen to end changes nothing. */
  forgetBefore(newest: string | null): void {
    for (const [runId, made] of this.#proposals) if (made.newest !== newest) this.#proposals.delete(runId)
  }

  /** Something runs, or ran: tenants stand elsewhere now. */
  forget(): void {
    this.#proposals.clear()
    this.#tenants.clear()
  }
}
