-- The role that readers take, when it is there and prepared; and whether this user is under row-level security itself.
select r.rolname::text as role, quote_ident(w.name) as wanted, quote_ident(current_user) as session, row_security_active('subscription') as bound
  from (select left(current_user, 56) || '_reader' as name) w
  left join pg_roles r on r.rolname = w.name and has_table_privilege(r.oid, 'subscription', 'select')
