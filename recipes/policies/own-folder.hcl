# Each account reads below a folder that bears its namespace and name. ${accessor} is the accessor of the recipe's
# mount: vaultbind fills it in, because it is known only once the mount exists.
path "secret/data/{{identity.entity.aliases.${accessor}.metadata.service_account_namespace}}/{{identity.entity.aliases.${accessor}.metadata.service_account_name}}/*" {
  capabilities = ["read"]
}

path "secret/metadata/{{identity.entity.aliases.${accessor}.metadata.service_account_namespace}}/{{identity.entity.aliases.${accessor}.metadata.service_account_name}}/*" {
  capabilities = ["list"]
}
