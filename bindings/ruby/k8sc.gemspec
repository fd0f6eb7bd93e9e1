# frozen_string_literal: true

# Built by build_gem, which puts the extension's C beside it.
Gem::Specification.new do |gem|
  gem.name = "k8sc"
  gem.version = "0.1.0"
  gem.summary = "A Kubernetes client: informers, watches, all groups and verbs"
  gem.description = "The Ruby layer of libk8sc, which has to be installed, and is found by pkg-config."
  gem.authors = ["the k8sc authors"]
  gem.license = "Apache-2.0"
  gem.required_ruby_version = ">= 3.1"
  gem.files = Dir["lib/**/*.rb", "sig/*.rbs", "ext/**/*", "LICENSE"]
  gem.extensions = ["ext/k8sc/extconf.rb"]
end
