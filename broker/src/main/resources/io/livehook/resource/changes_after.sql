-- What a collection's log has after a checkpoint, oldest first, about 1 MiB of bodies at most. $1 resource, $2 checkpoint. Index update_log_resource.
select id, previous_id, kind, content_type, headers, body from (
  select u.id, u.previous_id, u.kind, u.content_type, u.headers, u.body,
         sum(length(u.body)) over (order by u.id) - length(u.body) as before
    from update_log u where u.resource_id = $1::int8 and u.id > $2::int8
   order by u.id limit 500) page
 where before < 1048576 order by id
