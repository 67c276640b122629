import { tryRules } from './try-rules.ts';

tryRules([
  [
    'vaultAddressIsUrl',
    'error',
    'recipe-value',
    'did you mean "https://vault.example.com:8200"',
    'vault: {address: «vault.example.com:8200}',
  ],
  [
    'vaultAddressIsUrl',
    'error',
    'recipe-value',
    'user name or password',
    'vault: {address: «"https://me:pw@vault.example.com"}',
  ],
  ['vaultAddressIsUrl', 'error', 'recipe-value', 'has a path', 'vault: {address: «https://vault.example.com/v1}'],
  [
    'vaultAddressIsUrl',
    'error',
    'recipe-value',
    'query or fragment',
    'vault: {address: «"https://vault.example.com?x=1"}',
  ],
  ['vaultAddressIsUrl', 'error', 'recipe-value', 'is not https://', 'vault: {address: «ftp://vault.example.com}'],
  ['vaultAddressIsUrl', 'error', 'recipe-value', 'not a URL', 'vault: {address: «"https://a b"}'],
  [
    'vaultAddressIsUrl',
    'warning',
    'recipe-suspicious',
    'unencrypted',
    'vault: {address: «http://vault.example.com:8200}',
  ],
  ['hostIsUrl', 'error', 'recipe-value', 'did you mean "https://10.0.0.1:6443"', 'cluster: {host: «"10.0.0.1:6443"}'],
  ['hostIsUrl', 'error', 'recipe-value', 'not a URL', 'cluster: {host: «https://10.0.0.1:6443 https://10.0.0.2:6443}'],
  ['hostIsUrl', 'warning', 'recipe-suspicious', 'unencrypted', 'cluster: {host: «http://10.0.0.1:8080}'],
  [
    'hostIsReachable',
    'warning',
    'host-loopback',
    "Vault's own machine",
    'vault: {address: https://vault.example.com}',
    'cluster: {host: «https://127.0.0.1:6443}',
  ],
  [
    'hostIsReachable',
    'warning',
    'host-loopback',
    "Vault's own machine",
    'vault: {address: https://vault.example.com}',
    'cluster: {host: «"https://[::1]:6443"}',
  ],
]);
