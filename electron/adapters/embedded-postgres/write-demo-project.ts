import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { demoAlembicFiles } from './demo-alembic-files.ts'
import { demoAlembicRevisions } from './demo-alembic-revisions.ts'
import { demoSqlRevisions } from './demo-sql-revisions.ts'

/** What is wrong with the demo's project on purpose. */
type ProjectFault = 'two-heads' | 'edited-migration'

/** What shall be written, and where. */
export interface DemoProjectOptions {
  readonly folder: string
  readonly kind: 'alembic' | 'sql'
  readonly fault?: ProjectFault
}

/** Writes the demo's migrations into a folder: an Alembic project, or numbered SQL files in `migrations/`. */
export async function writeDemoProject(options: DemoProjectOptions): Promise<void> {
  const files = options.kind === 'alembic' ? listAlembicFiles(options.fault) : listSqlFiles(options.fault)
  for (const [name, text] of files) {
    const file = join(options.folder, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}

type NamedText = readonly [name: string, text: string]

function listAlembicFiles(fault: ProjectFault | undefined): readonly NamedText[] {
  const revisions = demoAlembicRevisions.map(
    ({ file, text }): NamedText => [`migrations/versions/${file}`, text],
  )
  return [...Object.entries(demoAlembicFiles), ...spoilAlembic(revisions, fault)]
}

function spoilAlembic(
  revisions: readonly NamedText[],
  fault: ProjectFault | undefined,
): readonly NamedText[] {
  switch (fault) {
    case undefined:
      return revisions
    case 'two-heads':
      return [...revisions, ['migrations/versions/0004_discounts.py', secondHead]]
    case 'edited-migration':
      return revisions.map(([name, text]) => [
        name,
        name.endsWith('0002_billing.py') ? edit(text, '#') : text,
      ])
  }
}

function listSqlFiles(fault: ProjectFault | undefined): readonly NamedText[] {
  const revisions = Object.values(demoSqlRevisions).flatMap(({ revision, name, up, down }): NamedText[] => [
    [`migrations/${revision}_${name}.up.sql`, up],
    [`migrations/${revision}_${name}.down.sql`, down],
  ])
  switch (fault) {
    case undefined:
      return revisions
    case 'two-heads':
      return [
        ...revisions,
        ['migrations/0003_discounts.up.sql', 'create table discounts (id integer not null primary key);\n'],
        ['migrations/0003_discounts.down.sql', 'drop table discounts;\n'],
      ]
    case 'edited-migration':
      return revisions.map(([name, text]) => [
        name,
        name.endsWith('0002_billing.up.sql') ? edit(text, '--') : text,
      ])
  }
}

/** What somebody adds to a revision that is already applied, because a new one seemed too much for it. */
function edit(text: string, comment: '#' | '--'): string {
  return `${text}\n${comment} also wanted: an index on invoices (issued_at)\n`
}

/** A colleague's revision that was merged without a look at what it follows. */
const secondHead = `"""discounts

Revision ID: 0004
Revises: 0002
Create Date: 2025-06-03 16:20:09.551207

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = '0004'
down_revision: Union[str, Sequence[str], None] = '0002'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table('discounts', sa.Column('id', sa.Integer(), primary_key=True))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table('discounts')
`
