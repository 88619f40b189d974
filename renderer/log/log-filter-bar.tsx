import { memo } from 'react'
import type { LogFilter } from '../../shared/api/log-line.ts'
import { logSources } from '../../shared/run/event-spec.ts'
import { phaseNames } from '../../shared/run/phase.ts'
import { Button } from '../ui/button.tsx'
import styles from './log-viewer.module.css'

interface LogFilterBarProps {
  readonly filter: LogFilter
  readonly tenants: readonly string[]
  readonly gates: readonly string[]
  readonly attempts: number
  readonly onChange: (changes: Readonly<Record<string, string | null>>) => void
}

const cleared = { tenant: null, phase: null, gate: null, source: null, attempt: null, problems: null }

/** Which lines are shown; each choice is a part of the address. */
export function LogFilterBar({ filter, tenants, gates, attempts, onChange }: LogFilterBarProps) {
  const isFiltered = Object.keys(filter).length > 0
  const { problemsWith } = filter
  return (
    <fieldset className={styles.filters} aria-label="Filter the log">
      <div className={styles.bar}>
        <label>
          Tenant
          <input
            list="log-tenants"
            className={styles.tenant}
            value={filter.tenant ?? ''}
            placeholder="all"
            onChange={event => onChange({ tenant: event.target.value || null })}
          />
          <TenantNames tenants={tenants} />
        </label>
        <Choice
          label="Phase"
          value={filter.phase}
          values={phaseNames}
          onChange={phase => onChange({ phase })}
        />
        <Choice label="Gate" value={filter.gate} values={gates} onChange={gate => onChange({ gate })} />
        <Choice
          label="Source"
          value={filter.source}
          values={logSources}
          onChange={source => onChange({ source })}
        />
        {attempts > 1 && (
          <Choice
            label="Attempt"
            value={filter.attempt?.toString()}
            values={Array.from({ length: attempts }, (_, index) => String(index + 1))}
            onChange={attempt => onChange({ attempt })}
          />
        )}
        <Button
          kind="quiet"
          isPressed={problemsWith !== undefined}
          onPress={() => onChange({ problems: problemsWith === undefined ? '3' : null })}
        >
          Only problems (e)
        </Button>
        {problemsWith !== undefined && (
          <label>
            with lines around
            <input
              type="number"
              className={styles.around}
              min={0}
              max={50}
              value={problemsWith}
              onChange={event => onChange({ problems: event.target.value || '0' })}
            />
          </label>
        )}
        {isFiltered && <Button onPress={() => onChange(cleared)}>Clear filters</Button>}
      </div>
    </fieldset>
  )
}

/** Drawn once for a run: thousands of names must not be compared with every line that comes. */
const TenantNames = memo(function TenantNames({ tenants }: { readonly tenants: readonly string[] }) {
  return (
    <datalist id="log-tenants">
      {tenants.slice(0, 2_000).map(tenant => (
        <option key={tenant} value={tenant} />
      ))}
    </datalist>
  )
})

interface ChoiceProps {
  readonly label: string
  readonly value: string | undefined
  readonly values: readonly string[]
  readonly onChange: (value: string | null) => void
}

function Choice({ label, value, values, onChange }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={value ?? ''} onChange={event => onChange(event.target.value || null)}>
        <option value="">all</option>
        {value !== undefined && !values.includes(value) && <option value={value}>{value}</option>}
        {values.map(one => (
          <option key={one} value={one}>
            {one.replaceAll('_', ' ')}
          </option>
        ))}
      </select>
    </label>
  )
}
