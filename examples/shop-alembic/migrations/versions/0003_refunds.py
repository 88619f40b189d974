"""refunds

Revision ID: 0003
Revises: 0002
Create Date: 2025-06-02 11:05:31.402718

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = '0003'
down_revision: Union[str, Sequence[str], None] = '0002'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_unique_constraint('customers_email_key', 'customers', ['email'])
    op.create_table(
        'refunds',
        sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column('payment_id', sa.BigInteger(), nullable=False),
        sa.Column('amount_cents', sa.Integer(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('refunded_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name='refunds_pkey'),
        sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name='refunds_payment_id_fkey'),
        sa.CheckConstraint('amount_cents > 0', name='refunds_amount_cents_check'),
    )
    op.create_index('refunds_payment_id_idx', 'refunds', ['payment_id'])
    op.add_column('orders', sa.Column('total_cents', sa.Integer(), nullable=True))
    fill_order_totals()
    op.alter_column('orders', 'total_cents', nullable=False)


def fill_order_totals() -> None:
    """Work in slices; how many there are depends on the rows of this database."""
    connection = op.get_bind()
    last = connection.execute(sa.text('select coalesce(max(id), 0) from orders')).scalar_one()
    fill = sa.text(
        """
        update orders set total_cents = coalesce(
          (select sum(quantity * unit_price_cents) from order_items where order_id = orders.id), 0)
        where id between :first and :last
        """
    )
    for first in range(1, last + 1, 2000):
        connection.execute(fill, {'first': first, 'last': first + 1999})


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column('orders', 'total_cents')
    op.drop_table('refunds')
    op.drop_constraint('customers_email_key', 'customers', type_='unique')
