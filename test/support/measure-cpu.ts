/** Milliseconds of processor time that this process has used since a moment: unlike a clock, they do not grow while other work runs. */
export function startCpuClock(): () => number {
  const started = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(started)
    return (user + system) / 1000
  }
}
