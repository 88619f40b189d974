import type { ConfirmationLevel } from '../../../../shared/plan/confirmation-level.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { useDashboard } from '../../../store/dashboard-context.tsx'

interface FrictionNoteProps {
  /** Such as `Applying`. */
  readonly action: string
  readonly level: ConfirmationLevel
  readonly more: string
}

/** How much will be asked before it happens, and why here. */
export function ConfirmationNote({ action, level, more }: FrictionNoteProps) {
  const environment = useDashboard(state => state.session?.project?.environment ?? null)
  if (environment === null) return null
  const { name, protection, why } = environment
  return (
    <p className="quiet">
      {`${action} ${describeLevel(level)}: environment ${name} is ${protection} (${why}). ${more}`}
    </p>
  )
}

function describeLevel(level: ConfirmationLevel): string {
  switch (level) {
    case 0:
      return 'asks for nothing'
    case 1:
      return 'takes one click here'
    case 2:
      return 'asks for a confirmation'
    case 3:
      return 'asks for the name of the environment and a reason'
    default:
      return assertNever(level)
  }
}
