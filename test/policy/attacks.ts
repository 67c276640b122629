/** Plain ASCII that a reader who ends the heredoc at the first EOF takes for one rule; for the servers it is two. */
export const heredocThatHides = (path: string) => `path "${path}" {
  capabilities = ["read"]
  comment = <<-EOF
EOF
/*
  EOF
}
path "sys/*" {
  capabilities = ["create", "read", "update", "delete", "list", "sudo"]
# */
}
`;

/** With the placeholder replaced everywhere, the heredoc ends early and sys/* is a rule. */
export const accessorAnchor = (accessor: string) => `path "secret/data/shop/y" {
  capabilities = ["read"]
  comment = <<${accessor}
\${accessor}
}
path "sys/*" {
  capabilities = ["create", "read", "update", "delete", "list", "sudo"]
  comment = <<${accessor}
${accessor}
}
`;
