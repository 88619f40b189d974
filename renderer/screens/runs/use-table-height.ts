import { useEffect, useState } from 'react'

/** Height that is left for a table under what stands above it, so that the page itself need not scroll. */
export function useTableHeight(above: number): number {
  const [height, setHeight] = useState(() => innerHeight)
  useEffect(() => {
    const measure = (): void => setHeight(innerHeight)
    addEventListener('resize', measure)
    return () => removeEventListener('resize', measure)
  }, [])
  return Math.max(260, height - above)
}
