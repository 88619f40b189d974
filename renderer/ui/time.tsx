import { useDashboard } from '../store/dashboard-context.tsx'
import { useNow } from '../store/use-now.ts'
import { formatAgo, formatTime } from './format-time.ts'

interface TimeProps {
  /** RFC 3339. */
  readonly at: string
  /** With the date; the time of day alone otherwise. */
  readonly hasDate?: boolean
}

/** A moment as the person wants it: local with its zone, UTC, or how long ago. */
export function Time({ at, hasDate = false }: TimeProps) {
  const kind = useDashboard(state => state.preferences.time)
  return (
    <time dateTime={at} title={`${formatTime(at, 'local', true)} (${at})`}>
      {kind === 'relative' ? <Ago at={at} /> : formatTime(at, kind, hasDate)}
    </time>
  )
}

function Ago({ at }: { readonly at: string }) {
  return <>{formatAgo(useNow() - Date.parse(at))}</>
}
