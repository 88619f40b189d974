import { useDashboard } from '../store/dashboard-context.tsx'

/** What changed, said to those who do not see it; the writers ration it. */
export function LiveRegion() {
  const { polite, assertive } = useDashboard(state => state.announcement)
  return (
    <>
      <p className="visually-hidden" role="status">
        {polite}
      </p>
      <p className="visually-hidden" role="alert">
        {assertive}
      </p>
    </>
  )
}
