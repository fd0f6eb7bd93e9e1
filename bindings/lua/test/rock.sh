#!/usr/bin/env bash
# Installs the library, makes the rock against it in an empty tree, and runs a program there: rock.sh SOURCE BUILD
set -euo pipefail
source=$1 build=$2
command -v luarocks >/dev/null || { echo "luarocks is not there" >&2; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
DESTDIR=$scratch/root meson install -C "$build" --no-rebuild >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
pc=$(dirname "$(find "$scratch/root" -name k8sc.pc)")
export PKG_CONFIG_PATH=$pc PKG_CONFIG_SYSROOT_DIR=$scratch/root
export LD_LIBRARY_PATH=${pc%/pkgconfig}
unset LUA_PATH LUA_CPATH LUA_PATH_5_4 LUA_CPATH_5_4

cat >"$scratch/program.lua" <<'LUA'
local server = require("k8sc.testing").start { pods = 3 }
local client = server:connect()
local names = {}
client:informers():core_v1():pods():on { add = function(pod) names[#names + 1] = pod.metadata.name end, sync = function() client:stop() end }
client:run()
print(_VERSION, #names, require("k8sc").version)
LUA
ran=0
for version in 5.4 5.1; do
    interpreter=lua$version
    command -v "$interpreter" >/dev/null || continue
    # A copy, since a rock is built where its sources are.
    rm -rf "$scratch/source" && cp -r "$source/bindings" "$scratch/source"
    (cd "$scratch/source/lua" && luarocks --lua-version "$version" --tree "$scratch/tree" make) >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
    eval "$(luarocks --lua-version "$version" --tree "$scratch/tree" path)"
    answer=$(cd "$scratch" && "$interpreter" program.lua)
    echo "$answer"
    [ "$answer" = "$(printf 'Lua %s\t3\t%s' "$version" "$(pkg-config --modversion k8sc)")" ]
    unset LUA_PATH LUA_CPATH LUA_PATH_5_4 LUA_CPATH_5_4
    ran=$((ran + 1))
done
[ "$ran" -gt 0 ]
