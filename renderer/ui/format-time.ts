/** A moment in local time with its zone, or in UTC. */
export function formatTime(at: string, kind: 'local' | 'utc', hasDate: boolean): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return at
  if (kind === 'utc')
    return hasDate ? `${at.slice(0, 10)} ${at.slice(11, 19)} UTC` : `${at.slice(11, 23)} UTC`
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
  if (!hasDate) return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${time} ${formatZone(date)}`
}

/** How long ago something was, in the largest unit that still says enough: "42 s ago", "3 h 5 min ago", "12 days ago". */
export function formatAgo(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000))
  if (seconds < 2) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ago`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min ago` : `${Math.floor(hours / 24)} days ago`
}

function formatZone(date: Date): string {
  const minutes = -date.getTimezoneOffset()
  if (minutes === 0) return 'UTC'
  const sign = minutes < 0 ? '-' : '+'
  const size = Math.abs(minutes)
  return `${sign}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
