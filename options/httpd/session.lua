-- What the page asks of its own origin: a request with what mod_auth_openidc knows of its session in, JSON out.
-- Nothing here decides who may ask: web.conf does, before any of these is called. No answer holds a token.

local function text(value)
  local escaped = value:gsub('[%c"\\<>&\127]', function(mark) return string.format("\\u%04x", mark:byte()) end)
  return '"' .. escaped .. '"'
end

local function answer(r, body)
  r.content_type = "application/json"
  r:write(body)
  return apache2.OK
end

-- The roles in the token that Entra gave this server: for show, the API reads its own.
local function roles(r, token)
  local part = token:match("^[%w_-]+%.([%w_-]+)%.") or ""
  local padded = part:gsub("-", "+"):gsub("_", "/") .. string.rep("=", -#part % 4)
  return r:base64_decode(padded):match('"roles"%s*:%s*(%[[%w%.",_ -]*%])') or "[]"
end

function who(r)
  local known = r.subprocess_env
  local username = known["OIDC_CLAIM_preferred_username"]
  if username == nil or known["OIDC_CLAIM_sub"] == nil then
    return answer(r, '{"account": null, "roles": [], "csrf": null, "problem": null}\n')
  end
  return answer(r, string.format(
    '{"account": {"name": %s, "username": %s}, "roles": %s, "csrf": %s, "problem": null}\n',
    text(known["OIDC_CLAIM_name"] or username), text(username), roles(r, known["OIDC_access_token"] or ""),
    text(r:sha1(known["CSRF_KEY"] .. known["OIDC_CLAIM_sub"]))))
end

-- The way back is a path of this origin: a second slash, a backslash or a control character begins another address.
local function way_back(asked)
  if #asked > 2000 or asked:find("[%c%s\\\127]") or not asked:find("^/[^/]") and asked ~= "/" then return "/" end
  if asked:find("^/auth/") or asked:find("^/api/") or asked:find("^/session") then return "/" end
  return asked
end

local PROMPTS = {login = true, select_account = true, consent = true}

-- Whoever comes here has a session by now: from Entra a new one. One whom the page itself sends for another account,
-- or for more, signs in again.
function signed_in(r)
  local asked = r:parseargs()
  local back, more = way_back(asked["return"] or "/"), {}
  if PROMPTS[asked["prompt"] or ""] then more[#more + 1] = "prompt=" .. asked["prompt"] end
  if (asked["claims"] or ""):find("^{") then more[#more + 1] = "claims=" .. r:escape(asked["claims"]) end
  if #more > 0 and r.headers_in["Sec-Fetch-Site"] == "same-origin" then
    local known = r.subprocess_env
    back = "/auth/callback?iss=" .. r:escape(known["ISSUER"]) .. "&target_link_uri=" ..
      r:escape(known["PAGE_URL"] .. back) .. "&auth_request_params=" .. r:escape(table.concat(more, "&"))
  end
  r.headers_out["Location"] = back
  return 302
end

function sign_out(r)
  local page = r.subprocess_env["PAGE_URL"]
  return answer(r, string.format('{"location": %s}\n', text(page .. "/auth/callback?logout=" .. r:escape(page .. "/"))))
end

function renewed(r)
  r.status = 204
  return apache2.OK
end

function alive(r)
  r.content_type = "text/plain"
  r:write("ok\n")
  return apache2.OK
end
