-- R8. A page of a resource's log in ($2, $3], about 1 MiB at most. $1 resource, $4 most rows. Index update_log_resource.
select id, sub_ver, sequence, kind, etag, content_type, headers, body from (
  select u.*, sum(length(u.body)) over (order by u.id) - length(u.body) as before
    from update_log u where u.resource_id = $1::int8 and u.id > $2::int8 and u.id <= $3::int8
   order by u.id limit $4::int4) page
 where before < 1048576 order by id
