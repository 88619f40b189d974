-- Three tenants, each a database with a login of its own that no other tenant lets in.
-- Once, as a superuser: psql -d postgres -f create-tenants.sql
create role acorn_app login;
create role birch_app login;
create role cedar_app login;
create database acorn;
create database birch;
create database cedar;
-- PUBLIC may enter every database by default.
revoke connect, temporary on database acorn, birch, cedar, postgres, template1 from public;
grant connect, temporary on database acorn to acorn_app;
grant connect, temporary on database birch to birch_app;
grant connect, temporary on database cedar to cedar_app;
-- What the migrations will make belongs to whoever runs them; the application may use it.
\connect acorn
alter default privileges in schema public grant select, insert, update, delete on tables to acorn_app;
alter default privileges in schema public grant usage on sequences to acorn_app;
\connect birch
alter default privileges in schema public grant select, insert, update, delete on tables to birch_app;
alter default privileges in schema public grant usage on sequences to birch_app;
\connect cedar
alter default privileges in schema public grant select, insert, update, delete on tables to cedar_app;
alter default privileges in schema public grant usage on sequences to cedar_app;
