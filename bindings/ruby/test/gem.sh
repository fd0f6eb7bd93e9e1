#!/usr/bin/env bash
# Installs the library, makes the gem against it in an empty GEM_HOME, and runs a program there: gem.sh SOURCE BUILD
set -euo pipefail
source=$1 build=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
DESTDIR=$scratch/root meson install -C "$build" --no-rebuild >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
pc=$(dirname "$(find "$scratch/root" -name k8sc.pc)")
export PKG_CONFIG_PATH=$pc PKG_CONFIG_SYSROOT_DIR=$scratch/root LD_LIBRARY_PATH=${pc%/pkgconfig} GEM_HOME=$scratch/gems GEM_PATH=$scratch/gems
unset RUBYLIB RUBYOPT
{ "$source/bindings/ruby/build_gem" "$scratch" && gem install --local --no-document "$scratch"/k8sc-*.gem; } >"$scratch/log" 2>&1 ||
    { cat "$scratch/log" "$scratch"/gems/extensions/*/*/*/mkmf.log >&2; exit 1; }
cat >"$scratch/program.rb" <<'RUBY'
require "k8sc/testing"
K8sc::Testing::Server.start(pods: 3) do |server|
  server.connect do |client|
    names = []
    client.informers.core_v1.pods.on(add: ->(pod, _) { names << pod.metadata.name }, sync: -> { client.stop })
    client.run
    puts "#{names.size} #{K8sc::VERSION} #{$LOADED_FEATURES.grep(/k8sc\/core/).first.start_with?(ENV['GEM_HOME'])}"
  end
end
RUBY
answer=$(cd "$scratch" && ruby program.rb)
echo "$answer"
[ "$answer" = "3 $(pkg-config --modversion k8sc) true" ]
