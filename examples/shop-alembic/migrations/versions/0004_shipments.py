"""shipments

Revision ID: 0004
Revises: 0003
Create Date: 2025-08-18 10:27:15.064391

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = '0004'
down_revision: Union[str, Sequence[str], None] = '0003'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_check_constraint('customers_country_check', 'customers', "country ~ '^[A-Z]{2}$'")
    op.create_table(
        'shipments',
        sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column('order_id', sa.BigInteger(), nullable=False),
        sa.Column('carrier', sa.Text(), nullable=False),
        sa.Column('shipped_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name='shipments_pkey'),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name='shipments_order_id_fkey'),
    )
    op.create_index('shipments_order_id_idx', 'shipments', ['order_id'])
    op.add_column('orders', sa.Column('delivery_note', sa.Text(), nullable=True))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column('orders', 'delivery_note')
    op.drop_table('shipments')
    op.drop_constraint('customers_country_check', 'customers', type_='check')
