module example.com/vaultbind/pem

go 1.26
