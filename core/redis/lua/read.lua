-- Reads a user's log (docs/protocol.md, Stored notifications).
--
--   KEYS[1]  the user's channel, which is the log's key too
--   ARGV     what the entries are to follow:
--              "<epoch>-<n>-<at>"  a position
--              "<epoch>-<n>"       a notification's id, for whoever did not keep its time
--              @<µs>               a time
--              all                 nothing: the oldest are the first
--              (empty)             the log's end: no entries, only where it ends
--            then the answer's limits, both optional: entries (1000), bytes (1048576). One entry always fits.
--
-- Returns {what, base, more, entry …}. `what` is `follows`, or `gone` if something may be missing before the entries:
-- then these are the ones that are newer than the position, or all if its time is not known. `base` is the position
-- that they come after, empty if the first is the oldest that the log has. `more` is 1 if the log goes on, else 0.
--
-- A log that is not there is begun, with an element of number 0 that is no notification: what is sent next
-- follows it, so that whoever waits for the first notification can tell whether it is the first.
local log, from = KEYS[1], ARGV[1]
local call = redis.call
local most, bytes = tonumber(ARGV[2] or 1000), tonumber(ARGV[3] or 1048576)

if not from or not most or not bytes or most < 1 or #ARGV > 3 then
  return redis.error_reply('NOTIFY read takes a position, an id, a time, all or an empty text; then at most two '
    .. 'numbers: entries, bytes')
end
local epoch, number, at = from:match('^(%d+)%-(%d+)%-(%d+)$')
if not epoch then epoch, number = from:match('^(%d+)%-(%d+)$') end
local since = from:match('^@(%d+)$')
if not (epoch or since or from == '' or from == 'all') then
  return redis.error_reply("NOTIFY '" .. from .. "' is no place in a log: give a position such as "
    .. '1732657160000-17-1732657161234567, its first two numbers, @ and microseconds, all, or an empty text')
end

-- 1. Which numbers does it have? They are consecutive.
local last = redis.pcall('LINDEX', log, -1)
if type(last) == 'table' then
  if not last.err:find('WRONGTYPE', 1, true) then return last end
  return redis.error_reply("WRONGTYPE the key '" .. log .. "' is no log of notify: delete or rename it")
elseif not last then
  local now = call('TIME')
  local begun = now[1] .. ('00000' .. now[2]):sub(-6)
  last = begun:sub(1, 13) .. '-0-' .. begun .. ' {"unread":0}'
  call('RPUSH', log, last)
  call('EXPIRE', log, 2595600)
end
local end_epoch, end_number = last:match('^(%d+)%-(%d+)%-%d+ ')
if not end_epoch then
  return redis.error_reply("NOTIFY the list '" .. log .. "' ends with what is no entry: delete the list")
end
local length = call('LLEN', log)
local oldest = end_number - length + 1

local function position(index) return call('LINDEX', log, index):match('^%S*') end

-- Returns the index of the first entry that is newer than a time, by bisection: times grow.
local function newer_than(time)
  local low, high = oldest == 0 and 1 or 0, length
  while low < high do
    local middle = math.floor((low + high) / 2)
    if tonumber(position(middle):match('%d+$')) > time then high = middle else low = middle + 1 end
  end
  return low
end

-- 2. Where does the answer begin?
local what, first = 'gone', nil  -- first: an index, counted from 0
if epoch then
  local index = number - oldest
  local there = epoch == end_epoch and index >= 0 and index < length and position(index)
  if there and (not at or there == from) then
    what, first = 'follows', index + 1
  elseif at then
    first = newer_than(tonumber(at))
  end
elseif since then
  first = newer_than(tonumber(since))
  if first > 0 or oldest == 1 then what = 'follows' end
elseif from == 'all' then
  what = 'follows'
else
  first = length
end
if not first then first = oldest == 0 and 1 or 0 end

-- 3. As many as fit.
local answer = {what, first > 0 and position(first - 1) or '', 0}
local stop = math.min(length, first + most)
local next = first
while next < stop do
  for _, entry in ipairs(call('LRANGE', log, next, math.min(next + 16, stop) - 1)) do
    bytes = bytes - #entry
    if bytes < 0 and next > first then stop = next break end
    answer[#answer + 1] = entry
    next = next + 1
  end
end
if next < length then answer[3] = 1 end
return answer
