-- What row-level security shows this connection from now on. $1 number of a tenant, '*' for names of tenants, '' for nothing.
select set_config('livehook.tenant', $1::text, false)
