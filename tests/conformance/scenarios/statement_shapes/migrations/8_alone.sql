-- +goose Up
;
 ;
;;
