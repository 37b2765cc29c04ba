-- Marks notifications as read: appends an entry of type `read` to the log and publishes it, in one step, so that
-- all who follow the log see it in order (docs/protocol.md, Stored notifications).
--
--   KEYS[1]  the user's channel, which is the log's key too
--   ARGV     all, or the ids of notifications: "<epoch>-<n>" …
--
-- Returns {id, receivers, at, unread}: of the new entry; if nothing was unread of what was named, the first and
-- third are empty and the log stays as it was. Ids that the log does not have (any more) change nothing.
--
-- What is read stands in a hash beside the log: `epoch`, of which log; `upto`, up to which number all is read; and
-- a field for each number above that is read, or was replaced, or is a mark and so never unread.
local log = KEYS[1]
local call = redis.call
local read = '{' .. (log or '') .. '}:read'

if #ARGV == 0 then return redis.error_reply('NOTIFY nothing is named: give all or ids') end
local all = #ARGV == 1 and ARGV[1] == 'all'
for i = 1, all and 0 or #ARGV do
  if not ARGV[i]:find('^%d+%-%d+$') then
    return redis.error_reply("NOTIFY '" .. ARGV[i] .. "' is no id: give all or ids such as 1732657160000-17")
  end
end

-- 1. What does the log end with?
local last = redis.pcall('LINDEX', log, -1)
if not last then return {'', 0, '', 0} end
if type(last) == 'table' then
  if not last.err:find('WRONGTYPE', 1, true) then return last end
  return redis.error_reply("WRONGTYPE the key '" .. log .. "' is no log of notify: delete or rename it")
end
local epoch, number, before, unread = last:match('^(%d+)%-(%d+)%-(%d+) {"unread":(%d+)')
if not unread then
  return redis.error_reply("NOTIFY the list '" .. log .. "' ends with what is no entry: delete the list")
end
number, unread = number + 1, tonumber(unread)

-- 2. What is read by this that was not? What the log has no longer is read, too.
local state = call('HMGET', read, 'epoch', 'upto')
if state[1] ~= epoch then call('DEL', read) end  -- of a log that was here before
local upto = math.max(state[1] == epoch and tonumber(state[2]) or 0, number - 1 - call('LLEN', log))
local what, ids, fresh = nil, {}, {}
if all then
  if unread == 0 then return {'', 0, '', 0} end
  what = '"upto":"' .. epoch .. '-' .. number - 1 .. '"'
  unread = 0
else
  for _, id in ipairs(ARGV) do
    local n = tonumber(id:sub(#epoch + 2))
    if id:sub(1, #epoch + 1) == epoch .. '-' and n > upto and n < number and not fresh[n]
      and call('HEXISTS', read, n) == 0 then
      fresh[n] = true
      ids[#ids + 1] = '"' .. epoch .. '-' .. n .. '"'
    end
  end
  if #ids == 0 then return {'', 0, '', unread} end
  what = '"ids":[' .. table.concat(ids, ',') .. ']'
  unread = unread - #ids
end

-- 3. Store it and publish it. What is not published is not stored either.
local now = call('TIME')
local at = now[1] .. ('00000' .. now[2]):sub(-6)
if at <= before then at = string.format('%.0f', before + 1) end  -- the clock has jumped back
local id = epoch .. '-' .. number
local rest = '"unread":' .. unread .. ',"type":"read",' .. what .. '}'
call('RPUSH', log, id .. '-' .. at .. ' {' .. rest)
local receivers = redis.pcall('PUBLISH', log, '\30{"id":"' .. id .. '","at":' .. at .. ',' .. rest)
if type(receivers) == 'table' then
  call('RPOP', log)
  return receivers
end

-- 4. Remember it for as long as the log lives.
if all then
  upto = number
  call('DEL', read)
else
  call('HSET', read, number, 1)
  for n in pairs(fresh) do call('HSET', read, n, 1) end
  while call('HDEL', read, upto + 1) == 1 do upto = upto + 1 end
end
call('HSET', read, 'epoch', epoch, 'upto', upto)
local left = call('PTTL', log)
if left > 0 then call('PEXPIRE', read, left + 1000) end
return {id, receivers, at, unread}
