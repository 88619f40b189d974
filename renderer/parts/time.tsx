import { formatDuration } from '../../shared/plain-words.ts'
import { useDashboard } from '../store/dashboard-context.tsx'
import { useNow } from '../store/use-now.ts'
import { formatTime } from './format-time.ts'

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
  const milliseconds = Math.max(0, useNow() - Date.parse(at))
  return (
    <>
      {milliseconds < 1_000 ? 'just now' : `${formatDuration(Math.floor(milliseconds / 1_000) * 1_000)} ago`}
    </>
  )
}
