/** Parties, accounts, the catalogue, keys and seals. Frozen: later versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0001: Migration = {
  name: '0001-parties-and-catalogue',
  async up(context) {
    await createTable(context, 'organisations', {
      columns: [
        'code KEY NOT NULL PRIMARY KEY',
        'name TEXT(190) NOT NULL',
        'level TEXT(190) NOT NULL',
        'is_issuer BOOLEAN NOT NULL',
        'is_consumer BOOLEAN NOT NULL',
        'responsible_body TEXT(190)',
        'state TEXT(190) NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
    });
    await createTable(context, 'organisation_persons', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'organisation_code TEXT(190) NOT NULL',
        'name TEXT(190) NOT NULL',
        'duty TEXT(190) NOT NULL',
        'phone_cipher LONGTEXT',
      ],
      indexes: ['organisation_persons_body(organisation_code)'],
    });
    await createTable(context, 'users', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'login_name TEXT(190) NOT NULL',
        'display_name TEXT(190) NOT NULL',
        'organisation_code TEXT(190)',
        'password_hash TEXT(190) NOT NULL',
        'roles LONGTEXT NOT NULL',
        'state TEXT(190) NOT NULL',
        'failed_logins BIGINT NOT NULL',
        'locked_until INSTANT',
        'holder_id TEXT(190)',
        'created_at INSTANT NOT NULL',
      ],
      indexes: ['UNIQUE users_login_name(login_name)'],
    });
    await createTable(context, 'applications', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'name TEXT(190) NOT NULL',
        'organisation_code TEXT(190) NOT NULL',
        'secret_digest TEXT(190) NOT NULL',
        'scopes LONGTEXT NOT NULL',
        'state TEXT(190) NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
    });
    await createTable(context, 'sessions', {
      columns: [
        'token_digest KEY NOT NULL PRIMARY KEY',
        'user_id TEXT(190) NOT NULL',
        'csrf_token TEXT(190) NOT NULL',
        'created_at INSTANT NOT NULL',
        'seen_at INSTANT NOT NULL',
        'expires_at INSTANT NOT NULL',
      ],
      indexes: ['sessions_user(user_id)'],
    });
    await createTable(context, 'access_tokens', {
      columns: [
        'token_digest KEY NOT NULL PRIMARY KEY',
        'application_id TEXT(190) NOT NULL',
        'scopes LONGTEXT NOT NULL',
        'created_at INSTANT NOT NULL',
        'expires_at INSTANT NOT NULL',
      ],
      indexes: ['access_tokens_expiry(expires_at)'],
    });
    await createTable(context, 'holders', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'type TEXT(190) NOT NULL',
        'name TEXT(190) NOT NULL',
        'number_type TEXT(190) NOT NULL',
        'number_cipher LONGTEXT NOT NULL',
        'number_index TEXT(190) NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
      indexes: ['UNIQUE holders_number(number_index)'],
    });
    await createTable(context, 'catalogue_entries', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'code TEXT(190) NOT NULL',
        'version BIGINT NOT NULL',
        'name TEXT(190) NOT NULL',
        'issuing_body TEXT(190) NOT NULL',
        'definition LONGTEXT NOT NULL',
        'base_images LONGTEXT NOT NULL',
        'state TEXT(190) NOT NULL',
        'in_force_from DATE NOT NULL',
        'in_force_to DATE',
        'created_at INSTANT NOT NULL',
        'created_by TEXT(190) NOT NULL',
      ],
      indexes: ['UNIQUE catalogue_entries_version(code, version)', 'catalogue_entries_body(issuing_body)'],
    });
    await createTable(context, 'signing_keys', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'algorithm TEXT(190) NOT NULL',
        'purpose TEXT(190) NOT NULL',
        'organisation_code TEXT(190)',
        'encrypted_pkcs8 LONGTEXT NOT NULL',
        'certificates LONGTEXT NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
      indexes: ['signing_keys_body(organisation_code)'],
    });
    await createTable(context, 'seals', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'organisation_code TEXT(190) NOT NULL',
        'name TEXT(190) NOT NULL',
        'eseal BLOB NOT NULL',
        'picture BLOB NOT NULL',
        'sm2_key_id TEXT(190) NOT NULL',
        'rsa_key_id TEXT(190) NOT NULL',
        'state TEXT(190) NOT NULL',
        'valid_from INSTANT NOT NULL',
        'valid_to INSTANT NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
      indexes: ['seals_body(organisation_code)'],
    });
  },
};
