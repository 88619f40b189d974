"""billing

Revision ID: 0002
Revises: 0001
Create Date: 2025-03-17 14:40:02.775310

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = '0002'
down_revision: Union[str, Sequence[str], None] = '0001'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        'invoices',
        sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column('order_id', sa.BigInteger(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('amount_cents', sa.Integer(), nullable=False),
        sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name='invoices_pkey'),
        sa.UniqueConstraint('number', name='invoices_number_key'),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name='invoices_order_id_fkey'),
    )
    op.create_index('invoices_order_id_idx', 'invoices', ['order_id'])
    op.create_table(
        'payments',
        sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column('invoice_id', sa.BigInteger(), nullable=False),
        sa.Column(
            'method',
            sa.Enum('card', 'transfer', 'direct_debit', name='payment_method'),
            nullable=False,
        ),
        sa.Column('amount_cents', sa.Integer(), nullable=False),
        sa.Column('paid_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name='payments_pkey'),
        sa.ForeignKeyConstraint(['invoice_id'], ['invoices.id'], name='payments_invoice_id_fkey'),
        sa.CheckConstraint('amount_cents > 0', name='payments_amount_cents_check'),
    )
    op.create_index('payments_invoice_id_idx', 'payments', ['invoice_id'])
    op.add_column(
        'customers',
        sa.Column('newsletter', sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.execute(
        """
        create view open_invoices as
          select invoices.id, invoices.number, invoices.amount_cents
          from invoices
          where not exists (select from payments where payments.invoice_id = invoices.id)
        """
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.execute('drop view open_invoices')
    op.drop_column('customers', 'newsletter')
    op.drop_table('payments')
    op.drop_table('invoices')
    op.execute('drop type payment_method')
