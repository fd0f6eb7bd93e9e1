#!/usr/bin/env bash
# Makes the package, restores it from a folder into empty projects, and runs there a program, every snippet of docs/csharp.md, and all
# tests as xunit sees them: package.sh SOURCE BUILD
set -euo pipefail
source=$1 build=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 NUGET_PACKAGES=$scratch/packages
unset LD_LIBRARY_PATH
mkdir "$scratch/feed" "$scratch/program" "$scratch/tests"
"$source/bindings/csharp/build_package" "$build" "$scratch/feed" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
cat >"$scratch/nuget.config" <<XML
<configuration><packageSources><add key="k8sc" value="$scratch/feed" /></packageSources></configuration>
XML
framework=net$(dotnet --version | cut -d. -f1).0
python3 "$source/bindings/csharp/test/snippets.py" "$source/docs/csharp.md" >"$scratch/program/Program.cs"
sed "s/FRAMEWORK/$framework/" "$source/bindings/csharp/test/program.xml" >"$scratch/program/program.csproj"
sed "s/FRAMEWORK/$framework/" "$source/bindings/csharp/test/tests.xml" >"$scratch/tests/tests.csproj"
cp "$source"/bindings/csharp/test/{Abuse,AbuseTest,Check,ClientTest,InformerTest,KubeconfigTest,ModelTest,OptionsTest,TestingTest,XunitTests,StreamTest}.cs "$scratch/tests"
for project in program tests; do
    (cd "$scratch/$project" && dotnet build --nologo -v quiet -c Release -o out) >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
done
(cd "$scratch/program" && KUBECONFIG=$scratch/program/config dotnet out/program.dll)
(cd "$scratch/tests" && dotnet test --nologo -v quiet --no-build -c Release -o out "${@:3}")
