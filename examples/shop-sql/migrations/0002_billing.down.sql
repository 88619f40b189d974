drop view open_invoices;
alter table customers drop column newsletter;
drop table payments;
drop table invoices;
drop type payment_method;
